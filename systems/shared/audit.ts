/** What a system knows about audits of somebody's configuration. */
import type { Settings, SettingValue } from '../../model/settings.ts'

export interface AuditFacts {
  /**
   * Settings that would have kept messages lost for this cause, as `place.setting`: single settings first, the most usual
   * one first, then combinations. `own` are the settings of the user; what they already have is left out.
   */
  fixes(cause: string, own: Settings): Settings[]
  /**
   * Broker settings that an audit sets where the user does not, although it leaves everything else to the system: they
   * change how long a trial takes, and never what is lost or refused.
   */
  readonly neutral: readonly { name: string; value: SettingValue; reason: string }[]
  /** Id of the probe with which a first scenario of `lossproof init` begins, where it can be asked. */
  readonly usualProbe: string
  /** What the clients of an audit do where the user's files say nothing and the library's default is not kept, as sentences. */
  assumptions(own: Settings, consumes: boolean): string[]
  /** What no audit of this system can see, as sentences. */
  readonly cannotSee: readonly string[]
}
