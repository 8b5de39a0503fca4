type WithoutSignal<A> = A extends [...infer Rest, AbortSignal] ? Rest : A;

/** A port whose calls take a signal, at the moment of its effects: no promises, no signals. */
export type EffectsOf<P> = {
  [K in keyof P]: P[K] extends (...args: infer A) => infer R
    ? (...args: WithoutSignal<A>) => Awaited<R>
    : never;
};

/** Carries out one call, now or later, once or not at all. */
export type Carry<P> = (name: keyof P, signal: AbortSignal, effect: () => unknown) => Promise<unknown>;

type AnyCall = (...args: unknown[]) => unknown;

/** The calls of something in memory as functions of their own. */
export function callsOf<P>(memory: EffectsOf<P>, names: readonly (keyof P)[]): EffectsOf<P> {
  const calls = names.map((name) => [name, (memory[name] as AnyCall).bind(memory)]);
  return Object.fromEntries(calls) as EffectsOf<P>;
}

/** The port over something that carries out one call after another. */
export function carried<P>(effects: EffectsOf<P>, names: readonly (keyof P)[], carry: Carry<P>): P {
  const calls = names.map((name) => [
    name,
    (...args: unknown[]) => {
      const signal = args.pop() as AbortSignal;
      return carry(name, signal, () => (effects[name] as AnyCall)(...args));
    },
  ]);
  return Object.fromEntries(calls) as P;
}
