import type { Connection } from '../aws/clients.ts';

/** The variables by which the SDK, and whatever is built on it, finds this place and is let in. */
export function connectionEnvironment(connection: Connection): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: connection.endpoint,
    AWS_REGION: connection.region,
    AWS_ACCESS_KEY_ID: connection.accessKeyId,
    AWS_SECRET_ACCESS_KEY: connection.secretAccessKey,
  };
}
