import type { Run } from '../gen/satudata/integration/v1/resources_pb';
import { FilePreview } from './FilePreview';
import { TargetPreview } from './TargetPreview';

/** What a run would do at each target: of one file value by value, of many how many. */
export function TargetPreviews({ run }: { run: Run }) {
  if (run.fileId !== '') return <FilePreview run={run} />;
  return run.targets.map((target) => <TargetPreview key={target} run={run} target={target} />);
}
