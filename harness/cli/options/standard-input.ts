/** The file that stands for standard input; `-` on the command line means it. */
export const standardInput = '/dev/stdin'
