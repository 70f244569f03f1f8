// The runs that the page keeps an eye on, whatever view is shown: those that were begun here, and those of many files
// that anybody began.
import { type Observable, Store } from '../api/store';
import { isEnded } from '../api/runs';
import { type Run, Run_Kind } from '../gen/satudata/integration/v1/resources_pb';

export interface TrackedRun {
  runId: string;
  kind: Run_Kind;
  /** Of a run for one file. */
  fileId: string;
  targets: readonly string[];
}

export class TrackedRuns implements Observable<readonly TrackedRun[]> {
  private readonly store = new Store<readonly TrackedRun[]>([]);
  /** Runs whose end is shown where it happens, so that nothing more needs to be said. */
  private readonly shown = new Set<string>();

  private readonly chosen = new Map<string, readonly string[]>();

  readonly get = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** `chosenFiles`: what a run was begun for here, where that was not all. */
  add(run: Run, chosenFiles: readonly string[] = []): void {
    const { runId, kind, fileId, targets } = run;
    if (chosenFiles.length > 0) this.chosen.set(runId, chosenFiles);
    if (isEnded(run) || this.get().some((known) => known.runId === runId)) return;
    this.store.set([...this.get(), { runId, kind, fileId, targets }]);
  }

  remove(runId: string): void {
    this.store.set(this.get().filter((run) => run.runId !== runId));
  }

  /** Empty = all files, or begun elsewhere. */
  chosenFilesOf(runId: string): readonly string[] {
    return this.chosen.get(runId) ?? [];
  }

  clear(): void {
    this.chosen.clear();
    this.store.set([]);
  }

  /** Somebody looks at this run until the function that it returns is called. */
  show(runId: string): () => void {
    this.shown.add(runId);
    return () => this.shown.delete(runId);
  }

  isShown(runId: string): boolean {
    return this.shown.has(runId);
  }
}

/** Whether a run is of many files: those are shown in the bar. */
export function isBulk({ kind }: TrackedRun): boolean {
  return kind !== Run_Kind.SYNC_FILE && kind !== Run_Kind.PREVIEW && kind !== Run_Kind.WITHDRAW;
}
