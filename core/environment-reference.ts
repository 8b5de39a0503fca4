/**
 * Values of a record's `environment` that stand for something kept elsewhere, fetched at cold start:
 * `ssm:/path/to/parameter` (Parameter Store) and `secret:name` (Secrets Manager).
 */
export type EnvironmentValue =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'ssm'; readonly parameter: string }
  | { readonly kind: 'secret'; readonly secretId: string }
  | { readonly kind: 'malformed'; readonly scheme: 'ssm' | 'secret' };

// Letters, digits and `_.-` in up to 15 levels, at most 1,011 characters with the ARN's own in front:
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html
const PARAMETER = /^(?:\/[A-Za-z0-9_.-]+){1,15}$/;
const PARAMETER_CHARACTERS = 1011;

// 1–512 letters, digits and `/_+=.@-`:
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
const SECRET = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

/** Reads one value of `environment`; a text that starts like a reference but is none is `malformed`. */
export function readEnvironmentValue(text: string): EnvironmentValue {
  if (text.startsWith('ssm:')) {
    const parameter = text.slice('ssm:'.length);
    const fits = parameter.length <= PARAMETER_CHARACTERS && PARAMETER.test(parameter);
    return fits ? { kind: 'ssm', parameter } : { kind: 'malformed', scheme: 'ssm' };
  }
  if (text.startsWith('secret:')) {
    const secretId = text.slice('secret:'.length);
    return SECRET.test(secretId) ? { kind: 'secret', secretId } : { kind: 'malformed', scheme: 'secret' };
  }
  return { kind: 'plain', text };
}
