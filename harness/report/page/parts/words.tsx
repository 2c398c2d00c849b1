/** Text in which long names may break after their separators: `unclean.leader.election.enable` after its dots. */
export const Words = ({ text }: { text: string }) => (
  <>{text.split(/(?<=[._/,])(?=\S)/).flatMap((part, at) => (at === 0 ? [part] : [<wbr key={at} />, part]))}</>
)
