import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';

import {
  type ProgressSchema,
  type RunEvent,
  RunEventSchema,
} from '../gen/satudata/integration/v1/integration_service_pb';
import {
  type DeliverySchema,
  type Run,
  type Run_Kind,
  RunSchema,
  Run_State,
} from '../gen/satudata/integration/v1/resources_pb';

type Event = MessageInitShape<typeof RunEventSchema>['event'];

/** A run that says what the test makes it say, to all who watch it. */
export class FakeRun {
  readonly run: Run;
  private readonly events: RunEvent[] = [];
  private readonly wakers = new Set<() => void>();
  private sequence = 0n;
  private breaks = 0;
  /** What watchers asked to go on from. */
  readonly watchedFrom: bigint[] = [];

  constructor(runId: string, kind: Run_Kind, targets: string[], fields: Partial<Run>) {
    this.run = create(RunSchema, {
      runId,
      kind,
      targets,
      state: Run_State.RUNNING,
      requestedBy: 'siti',
      createTime: timestampNow(),
      startTime: timestampNow(),
    });
    Object.assign(this.run, fields);
  }

  delivery(fields: MessageInitShape<typeof DeliverySchema>): void {
    this.sequence += 1n;
    const value = { runId: this.run.runId, updateTime: timestampNow(), ...fields, sequence: this.sequence };
    this.tell({ case: 'delivery', value });
  }

  progress(value: MessageInitShape<typeof ProgressSchema>): void {
    this.tell({ case: 'progress', value });
  }

  end(state: Run_State, fields: Partial<Run> = {}): void {
    Object.assign(this.run, fields, { state, endTime: timestampNow() });
    this.wakeAll();
  }

  /** All streams break off, as when the network does. */
  breakStreams(): void {
    this.breaks += 1;
    this.wakeAll();
  }

  watcherCount(): number {
    return this.wakers.size;
  }

  async *watch(afterSequence: bigint, signal: AbortSignal): AsyncGenerator<RunEvent> {
    this.watchedFrom.push(afterSequence);
    const breaksBefore = this.breaks;
    yield this.snapshot();
    const isSeen = ({ sequence }: RunEvent) => sequence <= afterSequence;
    for (let at = this.events.filter(isSeen).length; ;) {
      for (let event = this.events[at]; event; event = this.events[++at]) yield event;
      if (this.run.state !== Run_State.RUNNING) break;
      await this.nextNews(signal);
      if (signal.aborted) return;
      if (this.breaks > breaksBefore) throw new Error('the connection broke');
    }
    yield this.snapshot();
  }

  private tell(event: Event): void {
    this.events.push(this.event(event));
    this.wakeAll();
  }

  private snapshot(): RunEvent {
    return this.event({ case: 'snapshot', value: this.run });
  }

  private event(event: Event): RunEvent {
    return create(RunEventSchema, {
      runId: this.run.runId,
      sequence: this.sequence,
      eventTime: timestampNow(),
      event: event ?? { case: undefined },
    });
  }

  private wakeAll(): void {
    for (const wake of [...this.wakers]) wake();
  }

  private nextNews(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.wakers.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }
}
