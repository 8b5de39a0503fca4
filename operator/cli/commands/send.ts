import { readFile } from 'node:fs/promises';
import { type BurstOutlook, considerCount, foresee } from '../../../core/burst/foresee.ts';
import type { BurstResult } from '../../../core/burst/result.ts';
import type { Spread } from '../../../core/config-record.ts';
import { type CurvePoint, predictedCurve } from '../../../core/spread/curve.ts';
import type { BurstPlan } from '../../../core/spread/plan.ts';
import type { Desk } from '../../views/desk.ts';
import type { Call } from '../command.ts';
import { CommandFault, EXIT, type ExitCode } from '../exit-codes.ts';
import { counted, number } from '../numbers.ts';
import { forecastLines, stoppedLine } from '../send/forecast.ts';
import { readTaskFile, tasksForCall } from '../send/task-file.ts';
import { type SpreadChoice, spreadOf } from '../spread-options.ts';
import { watchBurst } from '../watch/command.ts';

interface Options extends SpreadChoice {
  readonly count?: number;
  readonly file?: string;
  readonly burstId?: string;
  readonly dryRun?: boolean;
  readonly watch: boolean;
  readonly json?: boolean;
}

/** `sluice send <id>`: says what will come of it, hands the tasks over, and watches. */
export async function run(call: Call<Options>): Promise<ExitCode> {
  const { args, options, terminal } = call;
  const [pipelineId = ''] = args;
  const goal = spreadOf(options);
  const desk = await call.openDesk();
  const outlook = await desk.outlook(pipelineId);
  const tasks = await tasksOf(call, outlook);
  const plan = planOf(outlook, tasks.considered, goal, terminal.say);
  for (const line of forecastLines(outlook, tasks.considered, plan)) terminal.say(line);
  const stopped = stoppedLine(outlook);
  if (stopped !== undefined) terminal.say(stopped);
  if (options.dryRun) {
    if (options.json) terminal.print(JSON.stringify(forecastOf(outlook, tasks.considered.total, plan)));
    return EXIT.well;
  }
  const result = await desk.send({
    pipelineId,
    ...(await tasks.handOver(desk)),
    ...(goal !== undefined && { spread: goal }),
    ...(options.burstId !== undefined && { burstId: options.burstId }),
  });
  if (options.json) terminal.print(JSON.stringify({ ...result, curve: curveOf(plan) }));
  else terminal.print(resultLine(result));
  if (result.note !== undefined) terminal.say(result.note);
  for (const { index, code } of result.failed.slice(0, FAILURES_SHOWN)) {
    terminal.say(`task ${number(index + 1)} was not taken: ${code}`);
  }
  const watched = options.watch ? await watchBurst(call, result.burstId) : EXIT.well;
  if (watched === EXIT.interrupted) {
    terminal.say(`it goes on by itself: sluice watch ${result.burstId} shows how, sluice burst steers it`);
  }
  return watched === EXIT.well && result.notAccepted > 0 ? EXIT.notWell : watched;
}

const FAILURES_SHOWN = 10;

interface TasksToSend {
  readonly considered: Parameters<typeof foresee>[1];
  /** What the trigger is given of them. */
  handOver(desk: Desk): Promise<Readonly<Record<string, unknown>>>;
}

async function tasksOf(
  { options: { count, file, burstId }, terminal }: Call<Options>,
  outlook: BurstOutlook,
): Promise<TasksToSend> {
  if ((count === undefined) === (file === undefined)) {
    throw new CommandFault(
      EXIT.usage,
      'say which tasks: --count 20 for the documents 1 to 20, or --file tasks.jsonl with a line of JSON for each',
    );
  }
  if (count !== undefined) {
    return { considered: considerCount(count, outlook), handOver: async () => ({ count }) };
  }
  const name = file as string;
  const bytes = name === '-' ? Buffer.from(await terminal.readAll()) : await readTasks(name);
  const tasks = readTaskFile(bytes, name === '-' ? 'standard input' : name, outlook, burstId);
  return {
    considered: tasks.measured,
    async handOver(desk) {
      const inline = tasksForCall(tasks);
      if (inline !== undefined) return { tasks: inline };
      terminal.say(`uploading ${number(Math.ceil(bytes.byteLength / 1_048_576))} MiB`);
      return { source: await desk.keepTasks(bytes) };
    },
  };
}

async function readTasks(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandFault(EXIT.usage, `${file} cannot be read: ${(error as Error).message}`);
  }
}

/** @throws {CommandFault} where the burst itself asks for what its pipeline cannot reach */
function planOf(
  outlook: BurstOutlook,
  considered: TasksToSend['considered'],
  goal: Spread | undefined,
  say: (line: string) => void,
): BurstPlan {
  const planned = foresee(outlook, considered, goal);
  if (planned.kind === 'planned') return planned.plan;
  if (goal !== undefined) throw new CommandFault(EXIT.notWell, `${planned.message} — nothing was sent`);
  say(`the group’s spread cannot be kept: ${planned.message}`);
  return planned.plan;
}

function forecastOf({ pipelineId, stopped }: BurstOutlook, total: number, plan: BurstPlan) {
  const { predicted, boundBy, window, estimate } = plan;
  const forecast = { pipelineId, total, spread: window, predicted, boundBy, estimate };
  return { ...forecast, ...(stopped && { stopped }), curve: curveOf(plan) };
}

const CURVE_STEPS = 120;

/** How many of its tasks are likely to run at which second: as many points for a burst of any size. */
function curveOf(plan: BurstPlan): CurvePoint[] {
  return predictedCurve(plan, CURVE_STEPS).map(({ atSeconds, running }) => ({
    atSeconds: thousandths(atSeconds),
    running: thousandths(running),
  }));
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function resultLine({ pipelineId, burstId, state, accepted, total, notAccepted }: BurstResult): string {
  return [
    `${pipelineId} ${burstId}: ${number(accepted)} of ${counted(total, 'task')} with SQS`,
    ...(notAccepted > 0 ? [`${number(notAccepted)} not taken`] : []),
    ...(state === 'sending' ? ['the rest goes out by itself'] : []),
  ].join(', ');
}
