import { Tooltip, VisuallyHidden } from '@mantine/core';
import { type MouseEvent, type ReactElement, cloneElement, useId } from 'react';

interface GuardedProps {
  /** Why the button does nothing; undefined if it does. */
  refusal: string | undefined;
  children: ReactElement<{
    onClick?: (event: MouseEvent) => void;
    'aria-disabled'?: boolean;
    'aria-describedby'?: string;
    'data-disabled'?: boolean;
  }>;
}

/**
 * A button that may be refused: it can still be reached, and says why, in a tooltip and to screen readers. A button with
 * `disabled` could do neither.
 */
export function Guarded({ refusal, children }: GuardedProps) {
  const id = useId();
  if (refusal === undefined) return children;
  const refused = cloneElement(children, {
    onClick: (event) => event.preventDefault(),
    'aria-disabled': true,
    'aria-describedby': id,
    'data-disabled': true,
  });
  return (
    <>
      <Tooltip label={refusal} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
        {refused}
      </Tooltip>
      <VisuallyHidden id={id}>{refusal}</VisuallyHidden>
    </>
  );
}
