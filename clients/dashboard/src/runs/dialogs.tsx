// The dialogs that start and end runs, loaded when they are first opened.
import { type ComponentProps, lazy } from 'react';

import { Late } from '../components/Late';

const AllDialog = lazy(async () => ({ default: (await import('./SyncAllDialog')).SyncAllDialog }));
const CancelDialog = lazy(async () => ({ default: (await import('./CancelRunDialog')).CancelRunDialog }));
const FileDialog = lazy(async () => ({ default: (await import('./SyncFileDialog')).SyncFileDialog }));

export function LateSyncAllDialog(props: ComponentProps<typeof AllDialog>) {
  return (
    <Late when={props.opened}>
      <AllDialog {...props} />
    </Late>
  );
}

export function LateSyncFileDialog(props: ComponentProps<typeof FileDialog>) {
  return (
    <Late when={props.file !== undefined}>
      <FileDialog {...props} />
    </Late>
  );
}

export function LateCancelRunDialog(props: ComponentProps<typeof CancelDialog>) {
  return (
    <Late when={props.opened}>
      <CancelDialog {...props} />
    </Late>
  );
}
