/** A table as it stands in the report. */
export interface Table {
  readonly columns: readonly string[];
  readonly lines: readonly (readonly (string | number)[])[];
}

/** What a row was to show, and whether it does. */
export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface Findings {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  /** What one has to know to read the figures; a paragraph each. */
  readonly notes: readonly string[];
}

/** One benchmark. Everything that it compares, it measures itself, in one run on one machine. */
export interface Row {
  /** As named on the command line. */
  readonly name: string;
  readonly title: string;
  /** What is compared with what; Markdown. */
  readonly compared: string;
  /** @throws {PythonMissing} or {ChromiumMissing} if this machine cannot run it */
  run(say: (line: string) => void): Promise<Findings>;
}
