import { type ComponentType, lazy, type ReactNode, useState } from 'react';

export interface LateView {
  (): ReactNode;
  load: () => Promise<unknown>;
}

/**
 * A view that is loaded when it is first shown. One that was loaded before is there at once: React leaves what it shows
 * in the place of a late one for a third of a second, however soon that comes.
 */
export function lateView(load: () => Promise<{ default: ComponentType }>): LateView {
  let loaded: ComponentType | undefined;
  const remember = async () => {
    const module = await load();
    loaded = module.default;
    return module;
  };
  const Late = lazy(remember);
  const View = () => {
    // The same for as long as it is shown: another would begin anew.
    const [Shown] = useState(() => loaded ?? Late);
    return <Shown />;
  };
  return Object.assign(View, { load: remember });
}
