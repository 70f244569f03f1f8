// How a state is painted in charts: the colour of its tone, and a texture, so that no two states and no two tones differ
// by colour alone.
import { Delivery_State } from '../../gen/satudata/integration/v1/resources_pb';
import { deliveryLook } from '../../components/states';
import { toneMark } from '../../components/tones';

type Texture = 'plain' | 'stripes' | 'columns' | 'slope' | 'slopeBack' | 'grid' | 'dots';

const TEXTURES: ReadonlyMap<Delivery_State, Texture> = new Map([
  [Delivery_State.CONFIRMED, 'plain'],
  [Delivery_State.UNCHANGED, 'stripes'],
  [Delivery_State.ACCEPTED, 'plain'],
  [Delivery_State.SENDING, 'columns'],
  [Delivery_State.QUEUED, 'plain'],
  [Delivery_State.UNKNOWN, 'dots'],
  [Delivery_State.DEFERRED, 'slopeBack'],
  [Delivery_State.PARTIAL, 'columns'],
  [Delivery_State.REJECTED, 'slope'],
  [Delivery_State.PARKED, 'grid'],
  [Delivery_State.SKIPPED, 'dots'],
  [Delivery_State.CANCELLED, 'slope'],
]);

const SIZE = 6;
const MARKS: Record<Exclude<Texture, 'plain'>, string> = {
  stripes: 'M0 3H6',
  columns: 'M3 0V6',
  slope: 'M-1 1L1 -1M0 6L6 0M5 7L7 5',
  slopeBack: 'M-1 5L1 7M0 0L6 6M5 -1L7 1',
  grid: 'M0 0L6 6M0 6L6 0',
  dots: 'M2 3H4',
};

/** For `fill`. Needs StatePatterns somewhere on the page. */
export function statePaint(state: Delivery_State): string {
  const texture = TEXTURES.get(state) ?? 'plain';
  return texture === 'plain' ? toneMark(deliveryLook(state).tone) : `url(#state-${state})`;
}

/** The textures; once on a page that draws charts. */
export function StatePatterns() {
  return (
    <svg width={0} height={0} style={{ position: 'absolute' }} aria-hidden focusable={false}>
      <defs>
        {[...TEXTURES].map(([state, texture]) => {
          if (texture === 'plain') return null;
          return (
            <pattern key={state} id={`state-${state}`} width={SIZE} height={SIZE} patternUnits="userSpaceOnUse">
              <rect width={SIZE} height={SIZE} fill={toneMark(deliveryLook(state).tone)} />
              <path d={MARKS[texture]} stroke="var(--card-ground)" strokeWidth={texture === 'dots' ? 2 : 1.4} />
            </pattern>
          );
        })}
      </defs>
    </svg>
  );
}

/** What a state looks like in the chart beside. */
export function StateSwatch({ state }: { state: Delivery_State }) {
  return (
    <svg width={14} height={14} aria-hidden focusable={false} style={{ flex: 'none', borderRadius: 3 }}>
      <rect width={14} height={14} fill={statePaint(state)} />
    </svg>
  );
}
