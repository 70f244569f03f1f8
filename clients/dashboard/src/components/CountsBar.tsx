import { Delivery_State, type StateCount } from '../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../i18n/format';
import classes from './CountsBar.module.css';
import { useDeliveryLook } from './previewLook';
import { toneMark, toneText } from './tones';

/** What is done, what went wrong, what is open, what waits: in this order along the bar and in the words. */
const ORDER: readonly Delivery_State[] = [
  Delivery_State.CONFIRMED,
  Delivery_State.UNCHANGED,
  Delivery_State.SKIPPED,
  Delivery_State.PARTIAL,
  Delivery_State.REJECTED,
  Delivery_State.PARKED,
  Delivery_State.CANCELLED,
  Delivery_State.UNKNOWN,
  Delivery_State.DEFERRED,
  Delivery_State.ACCEPTED,
  Delivery_State.SENDING,
  Delivery_State.QUEUED,
];

const place = ({ state }: StateCount) => (ORDER.indexOf(state) + ORDER.length) % ORDER.length;

/** How many are in which state, as a bar and in words; nothing for no counts. */
export function CountsBar({ counts, thick = false }: { counts: readonly StateCount[]; thick?: boolean }) {
  const lookOf = useDeliveryLook();
  const shown = counts.filter(({ count }) => count > 0n).sort((a, b) => place(a) - place(b));
  if (shown.length === 0) return null;
  return (
    <div>
      <div className={classes.bar} data-thick={thick || undefined} aria-hidden>
        {shown.map(({ state, count }) => (
          <span key={state} style={{ flexGrow: Number(count), background: toneMark(lookOf(state).tone) }} />
        ))}
      </div>
      <CountWords counts={shown} />
    </div>
  );
}

function CountWords({ counts }: { counts: readonly StateCount[] }) {
  const lookOf = useDeliveryLook();
  const format = useFormat();
  return (
    <ul className={classes.words}>
      {counts.map(({ state, count }) => {
        const { icon: Icon, tone, word } = lookOf(state);
        return (
          <li key={state}>
            <Icon size={14} color={toneText(tone)} aria-hidden /> {word} <b>{format.number(count)}</b>
          </li>
        );
      })}
    </ul>
  );
}
