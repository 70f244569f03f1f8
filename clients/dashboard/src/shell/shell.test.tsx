import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { describe, expect, it } from 'vitest';

import { renderView } from '../testing/renderView';
import { Shell } from './Shell';

describe('the menu over a small page', () => {
  it('is left with Escape, and the focus goes back to its button', async () => {
    await renderView(<Shell />);
    const burger = screen.getByRole('button', { name: 'Buka menu', hidden: true });
    await userEvent.click(burger);
    expect(burger).toHaveAttribute('aria-expanded', 'true');
    act(() => within(screen.getByRole('navigation')).getByRole('link', { name: 'Proses' }).focus());
    await userEvent.keyboard('{Escape}');
    expect(burger).toHaveAttribute('aria-expanded', 'false');
    expect(burger).toHaveFocus();
  });
});

describe('the frame', () => {
  it('says that a view is on its way', async () => {
    const Late = lazy(() => new Promise<never>(() => undefined));
    await renderView(
      <Routes>
        <Route element={<Shell />}>
          <Route index element={<Late />} />
        </Route>
      </Routes>,
    );
    expect(screen.getByRole('status', { name: 'Memuat…' })).toBeVisible();
  });

  it('has one of each landmark, and the way past the menu comes first', async () => {
    await renderView(<Shell />);
    expect(screen.getAllByRole('banner')).toHaveLength(1);
    expect(screen.getAllByRole('main')).toHaveLength(1);
    expect(screen.getAllByRole('navigation')).toHaveLength(1);
    await userEvent.tab();
    await waitFor(() => expect(screen.getByRole('link', { name: 'Langsung ke isi' })).toHaveFocus());
  });
});
