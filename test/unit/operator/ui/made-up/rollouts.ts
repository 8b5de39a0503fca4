import { NO_COUNTS, NO_TASKS, type ReleaseRecord } from '../../../../../core/release/record.ts';

export function madeUpRollouts(nowMs: number): ReleaseRecord[] {
  const iso = (ms: number) => new Date(ms).toISOString();
  const base = {
    codeKey: 'consumer.zip',
    revision: 3,
    bucket: 'sluice-local-code',
    sizeBytes: 48_000,
    warnings: [],
    settings: {},
    failedPipelines: [],
    evidence: [],
    paused: false,
    owner: 'x',
    aliveAtMs: nowMs,
    executions: 1,
    updatedAt: iso(nowMs),
    uploadedAt: iso(nowMs - 700_000),
  };
  const waves = [
    { reach: 0, canaries: true, pipelines: 2 },
    { reach: 0.1, canaries: false, pipelines: 6 },
    { reach: 0.5, canaries: false, pipelines: 24 },
    { reach: 1, canaries: false, pipelines: 28 },
  ];
  const tasks = (failures: number) => ({
    ...NO_TASKS,
    calls: 1800,
    tasks: 1800,
    failures,
    durationMs: 1_980_000,
  });
  return [
    {
      ...base,
      version: '9fKd2LmW0qPz7sYx',
      state: 'Rolling',
      from: '7Qz4rT1mC8vX2nB5',
      startedAt: iso(nowMs - 400_000),
      expectedEnd: iso(nowMs + 900_000),
      waves,
      wave: 2,
      counts: { ...NO_COUNTS, moved: 19, moving: 3, due: 10, waiting: 28 },
      health: { before: tasks(11), after: tasks(9), atMs: nowMs },
    },
    {
      ...base,
      version: '3hTr8NcV5bQa1jUe',
      state: 'RolledBack',
      reason: 'HttpError in 38 % of tasks of 4 pipelines, 2 % before',
      startedAt: iso(nowMs - 86_400_000),
      endedAt: iso(nowMs - 86_000_000),
      waves,
      wave: 1,
      returned: true,
      counts: { ...NO_COUNTS, moved: 0, waiting: 60 },
      evidence: [
        {
          pipelineId: 'acme-crawl',
          what: 'failures',
          message: '41 of 108 tasks failed, 2 of 120 before; at most 5 % more is allowed',
        },
      ],
      health: { before: tasks(30), after: tasks(690), atMs: nowMs - 86_100_000 },
    },
    {
      ...base,
      version: '7Qz4rT1mC8vX2nB5',
      state: 'Done',
      startedAt: iso(nowMs - 172_800_000),
      endedAt: iso(nowMs - 172_000_000),
      waves,
      wave: 3,
      counts: { ...NO_COUNTS, moved: 60 },
    },
  ];
}
