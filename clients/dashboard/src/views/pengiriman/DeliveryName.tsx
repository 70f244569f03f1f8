import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import type { Delivery } from '../../gen/satudata/integration/v1/resources_pb';
import { deliveryPath } from './deliveryPath';

/** The file that a delivery is of, leading to the delivery. */
export function DeliveryName({ delivery: { deliveryId, fileName, fileId } }: { delivery: Delivery }) {
  return (
    <>
      <Anchor component={Link} to={deliveryPath(deliveryId)} size="sm" fw={600}>
        {fileName || fileId}
      </Anchor>
      {fileName !== '' && (
        <Text size="xs" c="dimmed">
          {fileId}
        </Text>
      )}
    </>
  );
}
