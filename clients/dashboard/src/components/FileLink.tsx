import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { filePath } from './links';

/** A file by its number, leading to what was read out of it. */
export function FileLink({ fileId }: { fileId: string }) {
  return (
    <Anchor component={Link} to={filePath(fileId)} size="sm">
      {fileId}
    </Anchor>
  );
}
