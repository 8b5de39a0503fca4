export interface Log {
  info(message: string, data?: Readonly<Record<string, unknown>>): void;
  warn(message: string, data?: Readonly<Record<string, unknown>>): void;
}

export interface Metrics {
  /** One EMF line; properties are searchable but are not dimensions, so they cost nothing. */
  count(name: string, value: number, properties?: Readonly<Record<string, string | number>>): void;
}
