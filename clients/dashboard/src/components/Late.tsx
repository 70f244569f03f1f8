import { type ReactNode, Suspense, useState } from 'react';

interface LateProps {
  when: boolean;
  children: ReactNode;
}

/** For what is lazy: asked for when it is first needed, and from then on there, so that it can also leave in its way. */
export function Late({ when, children }: LateProps) {
  const [wasNeeded, setWasNeeded] = useState(when);
  if (when && !wasNeeded) setWasNeeded(true);
  return wasNeeded && <Suspense fallback={null}>{children}</Suspense>;
}
