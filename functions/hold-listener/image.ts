import type { AttributeValue } from 'aws-lambda';

type Image = Readonly<Record<string, AttributeValue>>;

/** An image of a stream's record as plain values: what an item that says of a group can hold, and no more. */
export function plainImage(image: Image | undefined): Record<string, unknown> | undefined {
  return image && plainMap(image);
}

function plainMap(map: Image): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, plain(value)]));
}

function plain({ S, N, BOOL, M, L }: AttributeValue): unknown {
  if (N !== undefined) return Number(N);
  if (M !== undefined) return plainMap(M);
  return L?.map(plain) ?? S ?? BOOL;
}
