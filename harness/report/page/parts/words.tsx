/** Long names that may break where they are joined: `unclean.leader.election.enable` behind its dots. */
export const Words = ({ text }: { text: string }) => (
  <>{text.split(/(?<=[._/,])(?=\S)/).flatMap((part, at) => (at === 0 ? [part] : [<wbr key={at} />, part]))}</>
)
