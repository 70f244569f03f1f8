import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { type FileFilters, filtersFromAddress, filtersToAddress } from './fileFilters';

/** The filters live in the address: they can be sent to a colleague, and the browser's Back undoes them. */
export function useFileFilters() {
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const filters = useMemo(() => filtersFromAddress(new URLSearchParams(address)), [address]);
  const change = useCallback(
    (changed: Partial<FileFilters>) => {
      const isTyping = Object.keys(changed).join() === 'text'; // each letter would be a step of its own
      setParams((now) => filtersToAddress({ ...filtersFromAddress(now), ...changed }), { replace: isTyping });
    },
    [setParams],
  );
  return { filters, change };
}
