import { render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { describe, expect, it } from 'vitest';

import { lateView } from './lateView';

describe('a late view', () => {
  const show = (View: ReturnType<typeof lateView>) =>
    render(
      <Suspense fallback="menunggu">
        <View />
      </Suspense>,
    );

  it('is loaded when it is first shown', async () => {
    show(lateView(() => Promise.resolve({ default: () => 'isi' })));
    expect(screen.getByText('menunggu')).toBeVisible();
    expect(await screen.findByText('isi')).toBeVisible();
  });

  it('is there at once when it was loaded before', async () => {
    const View = lateView(() => Promise.resolve({ default: () => 'isi' }));
    await View.load();
    show(View);
    expect(screen.getByText('isi')).toBeVisible();
  });
});
