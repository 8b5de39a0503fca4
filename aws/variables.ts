import * as z from 'zod';

/** Kinds of environment variables: text in, what it means out. Each describes itself for who set it wrong. */

export const name = z.string().describe('a name');

export const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .describe('a list with commas');

export function number(defaultValue: number, range: z.ZodNumber) {
  const kind = range.format === 'safeint' ? 'a whole number' : 'a number';
  return z
    .string()
    .default(String(defaultValue))
    .transform(Number)
    .pipe(range)
    .describe(`${kind} from ${range.minValue} to ${range.maxValue}`);
}

/**
 * A variable for each of these numbers.
 * @param prefix what their names begin with
 */
export function numbers<T extends string>(
  defaults: Readonly<Record<T, number>>,
  prefix: string,
  rangeOf: (setting: T) => z.ZodNumber,
) {
  const settings = Object.keys(defaults) as T[];
  const shape = settings.map((setting) => [
    variableName(setting, prefix),
    number(defaults[setting], rangeOf(setting)),
  ]);
  return {
    variables: z.object(Object.fromEntries(shape) as Record<string, ReturnType<typeof number>>),
    /** The numbers by the settings' own names. */
    settingsOf: (read: Readonly<Record<string, number>>) =>
      Object.fromEntries(settings.map((setting) => [setting, read[variableName(setting, prefix)]])) as Record<
        T,
        number
      >,
  };
}

export function arn(service: string, resource: string) {
  return z
    .string()
    .regex(new RegExp(`^arn:[a-z-]+:${service}:[a-z0-9-]*:\\d{12}:${resource}.+$`))
    .describe(`an ARN like arn:aws:${service}:…:${resource}…`);
}

export function choice<const T extends string>(values: readonly [T, ...T[]], defaultValue: NoInfer<T>) {
  return z
    .enum(values)
    .default(defaultValue as never)
    .describe(values.join(' or '));
}

/** `leaseSeconds` is LEASE_SECONDS; with the prefix `ROLLOUT_`, `growth` is ROLLOUT_GROWTH. */
export function variableName(setting: string, prefix = ''): string {
  return `${prefix}${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
