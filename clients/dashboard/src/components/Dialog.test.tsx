import { Button } from '@mantine/core';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';

import { renderView } from '../testing/renderView';
import { Dialog } from './Dialog';
import { Late } from './Late';

/** As those of the runs: there only once they are opened. */
function Opener() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button onClick={() => setOpened(true)}>Buka</Button>
      <Late when={opened}>
        <Dialog opened={opened} onClose={() => setOpened(false)} title="Jendela">
          <Button>Satu</Button>
          <Button>Dua</Button>
        </Dialog>
      </Late>
    </>
  );
}

describe('a dialog that comes late', () => {
  it('keeps the focus in it, and gives it back each time it is left, the first time too', async () => {
    await renderView(<Opener />);
    const opener = screen.getByRole('button', { name: 'Buka' });
    for (let time = 0; time < 2; time += 1) {
      await userEvent.click(opener);
      const dialog = await screen.findByRole('dialog', { name: 'Jendela' });
      await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
      for (let tab = 0; tab < 4; tab += 1) {
        await userEvent.tab();
        expect(dialog).toContainElement(document.activeElement as HTMLElement);
      }
      await userEvent.keyboard('{Escape}');
      await waitFor(() => expect(opener).toHaveFocus());
    }
  });
});
