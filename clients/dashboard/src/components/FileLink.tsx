import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { fileSearchPath } from './links';

/** A file by its number, leading to where it is among the files. */
export function FileLink({ fileId }: { fileId: string }) {
  return (
    <Anchor component={Link} to={fileSearchPath(fileId)} size="sm">
      {fileId}
    </Anchor>
  );
}
