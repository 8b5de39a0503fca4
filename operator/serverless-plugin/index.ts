import { createClients } from '../../aws/clients.ts';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { createStageResources } from '../../aws/stage-resources.ts';
import { removePipelines } from './remove-pipelines.ts';
import { checkStage, type StageOptions, stageVariables } from './stage-options.ts';

/** The parts of the framework that the plugin uses; it gives plugins no types of its own. */
interface Framework {
  readonly service: { readonly custom?: { readonly sluice?: unknown } };
  readonly classes: { readonly Error: new (message: string, code?: string) => Error };
  getProvider(name: 'aws'): {
    getStage(): string;
    getRegion(): string;
    getProfile(): string | undefined;
    getAccountId(): Promise<string>;
  };
}

interface Options {
  readonly discard?: boolean;
}

interface Writers {
  readonly log: { notice(line: string): void };
}

/** Looks at the teardowns this often, and gives up when none has moved for this long. */
const POLL_SECONDS = 5;
const PATIENCE_SECONDS = 3600;
const PATIENCE_DISCARDING_SECONDS = 600;

/** What `serverless` does not know about a stage: its settings' rules, and that pipelines outlive its stack. */
export default class SluicePlugin {
  readonly commands = {
    remove: {
      options: {
        discard: {
          usage: 'Lose the tasks, dead letters and salvage that the stage still holds',
          type: 'boolean',
        },
      },
    },
  };

  readonly hooks: Readonly<Record<string, () => unknown>> = {
    initialize: () => this.check(),
    'before:remove:remove': () => this.remove(),
  };

  private readonly framework: Framework;
  private readonly options: Options;
  private readonly say: (line: string) => void;

  constructor(framework: Framework, options: Options, { log }: Writers) {
    this.framework = framework;
    this.options = options;
    this.say = (line) => log.notice(line);
  }

  /** Before anything is packaged: a wrong setting would only show when a function first runs. */
  private check(): void {
    const problems = checkStage(
      this.framework.getProvider('aws').getStage(),
      this.framework.service.custom?.sluice,
    );
    if (problems.length > 0) throw this.fault(problems.join('\n'), 'SLUICE_SETTINGS');
  }

  /** Pipelines are made at run time: the stack knows nothing of them, so they go before it does. */
  private async remove(): Promise<void> {
    const settings = await this.readSettings();
    const discard = this.options.discard === true;
    const clients = createClients({ callMs: settings.timings.callSeconds * 1000 });
    try {
      await removePipelines({
        ports: createPorts(settings, clients),
        resources: createStageResources(clients, settings),
        settings,
        discard,
        say: this.say,
        pollSeconds: Math.min(POLL_SECONDS, settings.timings.drainPollSeconds),
        patienceSeconds: discard ? PATIENCE_DISCARDING_SECONDS : PATIENCE_SECONDS,
      });
    } catch (error) {
      const { message, code } = error as { message: string; code?: string };
      throw code === undefined ? error : this.fault(message, code);
    }
  }

  /** The settings of the stage's functions, by the names that the stack gives. */
  private async readSettings() {
    const provider = this.framework.getProvider('aws');
    const stage = provider.getStage();
    const region = provider.getRegion();
    const accountId = await provider.getAccountId();
    const profile = provider.getProfile();
    // The SDK's own search for credentials, which renews them: a removal may take longer than a session.
    process.env.AWS_REGION = region;
    if (profile) process.env.AWS_PROFILE = profile;

    return readSettings(stageVariables(stage, this.stageOptions(), { accountId, region }));
  }

  private stageOptions(): StageOptions {
    // Checked when the command began.
    return this.framework.service.custom?.sluice as StageOptions;
  }

  /** The framework prints errors of its own class without a stack: what they say is meant for people. */
  private fault(message: string, code: string): Error {
    return new this.framework.classes.Error(message, code);
  }
}
