/** What the icons and colours of verdicts mean. */
import { kinds, kindWords } from '../../words/kinds.ts'
import { Icon } from './verdict.tsx'

export const Legend = () => (
  <dl class="legend">
    {kinds.toReversed().map(kind => (
      <div key={kind}>
        <dt class={kind}>
          <Icon kind={kind} />
          {kindWords[kind].name}
        </dt>
        <dd>{kindWords[kind].means}</dd>
      </div>
    ))}
  </dl>
)
