/** Shells for which `lossproof completion` has a script. */
export const shells = ['bash', 'zsh'] as const
