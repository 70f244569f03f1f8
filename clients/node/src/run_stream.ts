import { type SatuDataError, isStreamLost, silent, type Wording } from './error.js';
import { Patience, type Place, Watchdog } from './follow.js';
import type { RunEvent } from './gen/satudata/integration/v1/integration_service_pb.js';
import type { Run } from './gen/satudata/integration/v1/resources_pb.js';
import type { Deadlines } from './options.js';
import { type RunResult, toResult } from './result.js';

/** Opens one stream: that which begins the run where `place` is not known yet, else one that goes on from there. */
export type OpenStream = (place: Place | undefined, signal: AbortSignal) => AsyncIterable<RunEvent>;

export interface Following {
  open: OpenStream;
  /** Where it begins, for a run that is there already. */
  place?: Place;
  /** Whether the server ends the stream of a run that did not succeed with an error. */
  strict: boolean;
  deadlines: Deadlines;
  wording: Wording;
  signal?: AbortSignal;
}

/** What one loop over a run has been told. */
class Told {
  opening = false;
  ending = false;
}

/**
 * A run as events, each told once, however often the stream or the server breaks meanwhile. The call goes out when
 * somebody asks: `for await`, `started()` or `result()`. A loop begins and ends with a snapshot; leaving it, or aborting,
 * ends the watching and never the run, and the next loop goes on from there.
 */
export class RunStream implements AsyncIterable<RunEvent> {
  private place: Place | undefined;
  private last: Run | undefined;
  private isOver = false;
  private isRead = false;

  constructor(private readonly following: Following) {
    this.place = following.place;
  }

  /** Empty until the run has begun. */
  get runId(): string {
    return this.place?.runId ?? '';
  }

  /** The run as it is once the server has taken it on. It goes on without anybody listening. */
  async started(): Promise<Run> {
    if (this.last) return this.last;
    for await (const { event } of this) if (event.case === 'snapshot') return event.value;
    throw this.lost();
  }

  /** Waits for the end of the run and returns what became of it. */
  async result(): Promise<RunResult> {
    const loop = this[Symbol.asyncIterator]();
    while (!(await loop.next()).done);
    if (!this.last) throw this.lost();
    return toResult(this.last);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent, void> {
    if (this.isRead) throw new Error('a run is read by one loop at a time');
    this.isRead = true;
    try {
      yield* this.follow(new Told());
    } finally {
      this.isRead = false;
    }
  }

  private async *follow(told: Told): AsyncGenerator<RunEvent, void> {
    const { deadlines, signal } = this.following;
    const patience = new Patience();
    if (!this.last) patience.begin();
    while (!this.isOver) {
      const error = yield* this.readOnce(told, patience);
      if (error) await patience.pause(error, this.last ? deadlines.away : deadlines.write, signal);
    }
  }

  /** Reads one stream to its end; returns what it was lost with, or nothing when that was the end of the run. */
  private async *readOnce(told: Told, patience: Patience): AsyncGenerator<RunEvent, SatuDataError | undefined> {
    let error: SatuDataError | undefined;
    try {
      yield* this.readStream(told, patience);
    } catch (thrown) {
      if (!isStreamLost(thrown)) throw thrown;
      error = thrown;
    }
    // With `strict` the server has yet to say how the end counts.
    this.isOver = told.ending && !(error && this.following.strict);
    return this.isOver ? undefined : (error ?? this.lost());
  }

  private async *readStream(told: Told, patience: Patience): AsyncGenerator<RunEvent, void> {
    const { open, deadlines, signal } = this.following;
    const silenceMs = this.last ? deadlines.silence : Math.min(deadlines.silence, deadlines.write);
    const watchdog = new Watchdog(silenceMs, () => silent('DEADLINE_EXCEEDED', this.following.wording), signal);
    try {
      watchdog.expectSign();
      let isFirst = true;
      for await (const event of open(this.place, watchdog.signal)) {
        watchdog.rest();
        // That it can be opened does not make a stream a good one.
        if (!isFirst) patience.renew();
        if (this.isNews(event, isFirst, told)) yield event;
        isFirst = false;
        watchdog.expectSign();
      }
    } finally {
      watchdog.stop();
    }
  }

  /** Notes an event; says whether it is to be told. */
  private isNews(event: RunEvent, isFirst: boolean, told: Told): boolean {
    const seen = this.place?.sequence ?? 0n;
    this.place = { runId: event.runId, sequence: event.sequence > seen ? event.sequence : seen };
    switch (event.event.case) {
      case 'heartbeat':
        return false;
      case 'progress':
        return true;
      case 'snapshot':
        this.last = event.event.value;
        return isFirst ? once(told, 'opening') : once(told, 'ending');
      default:
        return event.sequence > seen;
    }
  }

  private lost(): SatuDataError {
    return silent('UNAVAILABLE', this.following.wording);
  }
}

function once(told: Told, part: keyof Told): boolean {
  const isNews = !told[part];
  told[part] = true;
  return isNews;
}
