import type { TablerIcon } from '@tabler/icons-react';
import IconBuilding from '@tabler/icons-react/icons/IconBuilding';
import IconCloud from '@tabler/icons-react/icons/IconCloud';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import IconTool from '@tabler/icons-react/icons/IconTool';
import IconUserCheck from '@tabler/icons-react/icons/IconUserCheck';
import { useTranslation } from 'react-i18next';

import { Failure_Owner } from '../gen/satudata/integration/v1/resources_pb';
import type { commonId } from '../i18n/common.id';
import { ToneBadge } from './ToneBadge';

type OwnerWord = Exclude<keyof (typeof commonId)['owner'], 'label'>;

interface OwnerLook {
  word: OwnerWord;
  icon: TablerIcon;
}

const LOOKS: Record<Failure_Owner, OwnerLook> = {
  [Failure_Owner.UNSPECIFIED]: { word: 'nobody', icon: IconMinus },
  [Failure_Owner.PRODUCER]: { word: 'producer', icon: IconBuilding },
  [Failure_Owner.DATA_STEWARD]: { word: 'steward', icon: IconUserCheck },
  [Failure_Owner.OPERATOR]: { word: 'operator', icon: IconTool },
  [Failure_Owner.TARGET]: { word: 'target', icon: IconCloud },
};

/** An owner of a newer server, which we do not know, is as unclear as none. */
export function ownerLook(owner: Failure_Owner): OwnerLook {
  return (LOOKS as Partial<typeof LOOKS>)[owner] ?? LOOKS[Failure_Owner.UNSPECIFIED];
}

/** Whose turn it is. */
export function OwnerBadge({ owner }: { owner: Failure_Owner }) {
  const { t } = useTranslation();
  const { word, icon } = ownerLook(owner);
  return <ToneBadge tone="neutral" icon={icon} word={t('owner.label', { owner: t(`owner.${word}`) })} />;
}
