import { Anchor, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { FailureText } from '../../components/FailureText';
import { Notice } from '../../components/Notice';
import { type Run, Run_Kind } from '../../gen/satudata/integration/v1/resources_pb';
import { usePermissions } from '../../session/useSession';
import { AllowMassChange } from './AllowMassChange';
import { MassFigures } from './MassFigures';

/** Why a run as a whole failed, and what to do about it. */
export function RunFailureNotice({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const { failure } = run;
  if (!failure) return null;
  const isMassChange = failure.reason === 'MASS_CHANGE';
  return (
    <Notice tone="bad">
      <Stack gap="sm">
        <Text fw={600}>{t(isMassChange ? 'proses.failure.massTitle' : 'proses.failure.title')}</Text>
        {isMassChange && <MassFigures figures={failure.arguments} />}
        <FailureText failure={failure} withCodes />
        {isMassChange && <MassCure />}
        {isMassChange && run.kind === Run_Kind.SYNC_ALL && can('sync') && <AllowMassChange run={run} />}
      </Stack>
    </Notice>
  );
}

function MassCure() {
  const { t } = useTranslation();
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('proses.failure.massTodo')}
      </Text>
      <List size="sm" type="ordered">
        <List.Item>{t('proses.failure.massCheck')}</List.Item>
        <List.Item>{t('proses.failure.massFix')}</List.Item>
        <List.Item>{t('proses.failure.massAllow')}</List.Item>
      </List>
      <Anchor component={Link} to="/" size="sm">
        {t('proses.failure.toFiles')}
      </Anchor>
    </div>
  );
}
