/**
 * A name as it was given, isolated from the text around it, so that right-to-left characters in it move nothing else. Long
 * names may break after their separators: `unclean.leader.election.enable` after its dots.
 */
export const Words = ({ text }: { text: string }) => (
  <bdi>{text.split(/(?<=[._/,])(?=\S)/).flatMap((part, at) => (at === 0 ? [part] : [<wbr key={at} />, part]))}</bdi>
)
