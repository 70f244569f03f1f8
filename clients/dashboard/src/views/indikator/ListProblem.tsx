import { Code } from '@connectrpc/connect';
import IconListDetails from '@tabler/icons-react/icons/IconListDetails';
import { useTranslation } from 'react-i18next';

import { toFailure } from '../../api/failure';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { targetName } from '../../components/targetName';

interface ListProblemProps {
  target: string;
  error: unknown;
  onRetry: () => void;
}

/** Why there is no list. That a target has none is no failure; all else is told with cause and cure. */
export function ListProblem({ target, error, onRetry }: ListProblemProps) {
  const { t } = useTranslation();
  const { code, reason } = toFailure(error);
  if (code === Code.FailedPrecondition && reason === 'METHOD_UNAVAILABLE') {
    const title = t('indikator.noList', { target: targetName(target) });
    return <EmptyState icon={IconListDetails} title={title} text={t('indikator.noListText')} />;
  }
  return <ErrorState error={error} onRetry={onRetry} />;
}
