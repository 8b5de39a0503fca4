import { Chips } from '../parts/chips.tsx';
import { count, duration } from '../parts/format.ts';
import { fromSlider, SLIDER_STEPS, type Sliders, toSlider } from './try-out.ts';

const DAY_SECONDS = 86_400;
const MOST_AT_ONCE = 1_000;

interface SliderProps {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly text: string;
  change(value: number): void;
}

export function Slider({ name, value, least, most, text, change }: SliderProps) {
  return (
    <label class="slider">
      <span>
        {name} <strong>{text}</strong>
      </span>
      <input
        type="range"
        min={0}
        max={SLIDER_STEPS}
        value={toSlider(value, least, most)}
        aria-valuetext={text}
        onInput={(event) => change(fromSlider(Number(event.currentTarget.value), least, most))}
      />
    </label>
  );
}

const WAYS = [
  { value: 'window', name: 'Window', says: 'evenly between two delays' },
  { value: 'peak', name: 'Peak', says: 'no more than so many at once, as soon as that allows' },
  { value: 'finish', name: 'Finish', says: 'over by then, with the lowest peak' },
  { value: 'none', name: 'At once', says: 'the pipeline’s own limits flatten it' },
] as const;

interface GoalChoiceProps {
  readonly sliders: Sliders;
  change(sliders: Sliders): void;
}

/** How a burst is to be spread: one of the ways, and its sliders. */
export function GoalChoice({ sliders, change }: GoalChoiceProps) {
  const shown = slidersOf(sliders, (values) => change({ ...sliders, ...values }));
  return (
    <>
      <Chips
        legend="Spread"
        options={WAYS}
        chosen={sliders.way}
        choose={(way) => change({ ...sliders, way })}
      />
      {shown.length > 0 && (
        <div class="compose-fields">
          {shown.map((slider) => (
            <Slider key={slider.name} least={1} {...slider} />
          ))}
        </div>
      )}
    </>
  );
}

function slidersOf(
  { way, minSeconds, maxSeconds, maxConcurrency, finishWithinSeconds }: Sliders,
  set: (values: Partial<Sliders>) => void,
): readonly Omit<SliderProps, 'least'>[] {
  const time = (name: string, seconds: number, change: (value: number) => void, from = 0) => ({
    name,
    value: seconds + from,
    most: DAY_SECONDS,
    text: duration(seconds),
    change: (value: number) => change(Math.round(value) - from),
  });
  switch (way) {
    case 'window':
      return [
        // At once is 0 s, which no such slider has.
        time(
          'First after',
          minSeconds,
          (at) => set({ minSeconds: at, maxSeconds: Math.max(maxSeconds, at) }),
          1,
        ),
        time('Last after', maxSeconds, (at) => set({ maxSeconds: at, minSeconds: Math.min(minSeconds, at) })),
      ];
    case 'peak':
      return [
        {
          name: 'At once, at most',
          value: maxConcurrency,
          most: MOST_AT_ONCE,
          text: count(maxConcurrency),
          change: (value) => set({ maxConcurrency: Math.round(value) }),
        },
      ];
    case 'finish':
      return [time('Over within', finishWithinSeconds, (at) => set({ finishWithinSeconds: at }))];
    case 'none':
      return [];
  }
}
