import type { Step } from '../turn.ts';
import { closeQueue } from './CloseQueue.ts';
import { createFunction } from './CreateFunction.ts';
import { createMapping } from './CreateMapping.ts';
import { createQueues } from './CreateQueues.ts';
import { deleteFunction } from './DeleteFunction.ts';
import { deleteMapping } from './DeleteMapping.ts';
import { deleteQueues } from './DeleteQueues.ts';
import { drain } from './Drain.ts';
import { finishQueues } from './FinishQueues.ts';
import { prepareQueues } from './PrepareQueues.ts';
import { recordFailure } from './RecordFailure.ts';
import { releaseConcurrency } from './ReleaseConcurrency.ts';
import { reserveConcurrency } from './ReserveConcurrency.ts';
import { salvage } from './Salvage.ts';
import { settle } from './Settle.ts';
import { stopMapping } from './StopMapping.ts';
import { switchMapping } from './SwitchMapping.ts';
import { updateCode } from './UpdateCode.ts';
import { updateFunction } from './UpdateFunction.ts';
import { updateMapping } from './UpdateMapping.ts';

/** The steps that run under a lease, by the name of their state. `Claim` takes it, and stands apart. */
export const STEPS = {
  CreateQueues: createQueues,
  CreateFunction: createFunction,
  ReserveConcurrency: reserveConcurrency,
  CreateMapping: createMapping,
  PrepareQueues: prepareQueues,
  ReleaseConcurrency: releaseConcurrency,
  UpdateFunction: updateFunction,
  UpdateCode: updateCode,
  UpdateMapping: updateMapping,
  SwitchMapping: switchMapping,
  FinishQueues: finishQueues,
  CloseQueue: closeQueue,
  Drain: drain,
  StopMapping: stopMapping,
  Salvage: salvage,
  DeleteMapping: deleteMapping,
  DeleteFunction: deleteFunction,
  DeleteQueues: deleteQueues,
  Settle: settle,
  RecordFailure: recordFailure,
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof STEPS;
