// One watcher per run, shared by all that show it: a browser allows a page six connections at once, and each stream
// takes one for as long as it lasts.
import type { Api } from './client';
import { EMPTY_VIEW, type RunView } from './runView';
import { RunWatcher } from './runWatcher';

/** How long what is known of a run is kept when nobody looks: long enough to go from one view to the next. */
const KEPT_MS = 30_000;

interface Entry {
  watcher: RunWatcher;
  users: number;
  forgetTimer: ReturnType<typeof setTimeout> | undefined;
}

export class RunWatchers {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly api: Api) {}

  view(runId: string): RunView {
    return this.entries.get(runId)?.watcher.get() ?? EMPTY_VIEW;
  }

  /**
   * Follows the run until the function that it returns is called. Deliveries that changed up to `fromSequence` are not
   * told, unless somebody follows the run already.
   */
  watch(runId: string, listener: () => void, fromSequence = 0n): () => void {
    const entry = this.entries.get(runId) ?? this.add(runId, fromSequence);
    clearTimeout(entry.forgetTimer);
    entry.users += 1;
    const unsubscribe = entry.watcher.subscribe(listener);
    entry.watcher.start();
    return () => {
      unsubscribe();
      entry.users -= 1;
      if (entry.users === 0) this.letGo(runId, entry);
    };
  }

  /** For a page that nobody looks at. */
  pauseAll(): void {
    for (const { watcher } of this.entries.values()) watcher.pause();
  }

  resumeAll(): void {
    for (const { watcher, users } of this.entries.values()) if (users > 0) watcher.start();
  }

  /** Tries at once where a stream waits for the server. */
  hurryAll(): void {
    for (const { watcher } of this.entries.values()) watcher.hurry();
  }

  private add(runId: string, fromSequence: bigint): Entry {
    const watcher = new RunWatcher(
      (afterSequence, signal) => this.api.integration.watchRun({ runId, afterSequence }, { signal, timeoutMs: 0 }),
      fromSequence,
    );
    const entry = { watcher, users: 0, forgetTimer: undefined };
    this.entries.set(runId, entry);
    return entry;
  }

  private letGo(runId: string, entry: Entry): void {
    entry.watcher.pause();
    entry.forgetTimer = setTimeout(() => this.entries.delete(runId), KEPT_MS);
  }
}
