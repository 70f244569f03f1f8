import { useMutation, useQueryClient } from '@tanstack/react-query';

import { useApi } from '../../api/ApiContext';
import { TARGETS_KEY } from '../../api/useTargets';
import type { Target } from '../../gen/satudata/integration/v1/resources_pb';

/** A probe has a deadline of its own at the server; this only ends one that hangs on the way. */
const CHECK_TIMEOUT_MS = 90_000;

/** Puts what the server answered into the list at once; the next refresh brings the rest. */
function useShowChange() {
  const queryClient = useQueryClient();
  return async (changed: Target) => {
    await queryClient.cancelQueries({ queryKey: TARGETS_KEY });
    queryClient.setQueryData<Target[]>(TARGETS_KEY, (targets) =>
      targets?.map((target) => (target.target === changed.target ? changed : target)),
    );
    void queryClient.invalidateQueries({ queryKey: TARGETS_KEY });
  };
}

export function usePause(target: string) {
  const api = useApi();
  const showChange = useShowChange();
  return useMutation({
    mutationFn: (comment: string) => api.targets.pauseTarget({ target, comment }),
    onSuccess: showChange,
  });
}

export function useResume(target: string) {
  const api = useApi();
  const showChange = useShowChange();
  return useMutation({ mutationFn: () => api.targets.resumeTarget({ target }), onSuccess: showChange });
}

export function useCheck(target: string) {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const result = await api.targets.checkTarget({ target }, { timeoutMs: CHECK_TIMEOUT_MS });
      return { result, at: new Date() };
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: TARGETS_KEY }),
  });
}
