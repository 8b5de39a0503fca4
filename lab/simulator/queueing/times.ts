/** A seeded source in [0, 1), and what is drawn from it. All have the mean that is asked for. */
export type Random = () => number;
export type Draw = () => number;

export const constant =
  (mean: number): Draw =>
  () =>
    mean;

export const exponential =
  (mean: number, random: Random): Draw =>
  () =>
    -mean * Math.log(1 - random());

/** Lognormal with this standard deviation of its logarithm. */
export function lognormal(mean: number, sigma: number, random: Random): Draw {
  const location = Math.log(mean) - sigma ** 2 / 2;
  return () => Math.exp(location + sigma * normal(random));
}

/** Balanced mixture of two exponential distributions, with this squared coefficient of variation, 1 or more. */
export function hyperexponential(mean: number, unevenness: number, random: Random): Draw {
  const share = (1 + Math.sqrt((unevenness - 1) / (unevenness + 1))) / 2;
  return () => {
    const ofFirst = random() < share;
    return exponential(mean / (2 * (ofFirst ? share : 1 - share)), random)();
  };
}

/** The sum of `stages` exponential ones: squared coefficient of variation 1 / stages. */
export function erlang(mean: number, stages: number, random: Random): Draw {
  const stage = exponential(mean / stages, random);
  return () => {
    let sum = 0;
    for (let index = 0; index < stages; index += 1) sum += stage();
    return sum;
  };
}

/** Arrivals whose gaps are drawn so. */
export function* arrivalsOf(gap: Draw, count: number): Generator<number> {
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    at += gap();
    yield at;
  }
}

/** Box and Muller's: https://en.wikipedia.org/wiki/Box%E2%80%93Muller_transform */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
