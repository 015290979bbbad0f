"""Units of systemd as systemd reads them: sections and settings with their lines, and which section has which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNIT = """
    Description Documentation Wants Requires Requisite BindsTo PartOf Upholds Conflicts Before After OnFailure OnSuccess
    PropagatesReloadTo ReloadPropagatedFrom PropagatesStopTo StopPropagatedFrom JoinsNamespaceOf RequiresMountsFor
    WantsMountsFor OnSuccessJobMode OnFailureJobMode IgnoreOnIsolate StopWhenUnneeded RefuseManualStart RefuseManualStop
    AllowIsolate DefaultDependencies SurviveFinalKillSignal CollectMode FailureAction SuccessAction
    FailureActionExitStatus SuccessActionExitStatus JobTimeoutSec JobRunningTimeoutSec JobTimeoutAction
    JobTimeoutRebootArgument StartLimitIntervalSec StartLimitBurst StartLimitAction RebootArgument SourcePath
    ConditionArchitecture ConditionFirmware ConditionVirtualization ConditionHost ConditionKernelCommandLine
    ConditionKernelVersion ConditionVersion ConditionCredential ConditionEnvironment ConditionSecurity
    ConditionCapability ConditionACPower ConditionNeedsUpdate ConditionFirstBoot ConditionPathExists
    ConditionPathExistsGlob ConditionPathIsDirectory ConditionPathIsSymbolicLink ConditionPathIsMountPoint
    ConditionPathIsReadWrite ConditionPathIsEncrypted ConditionPathIsSocket ConditionDirectoryNotEmpty
    ConditionFileNotEmpty ConditionFileIsExecutable ConditionUser ConditionGroup ConditionControlGroupController
    ConditionMemory ConditionCPUs ConditionCPUFeature ConditionOSRelease ConditionMemoryPressure ConditionCPUPressure
    ConditionIOPressure ConditionKernelModuleLoaded StartLimitInterval OnFailureIsolate RequiresOverridable
    RequisiteOverridable BindTo PropagateReloadTo PropagateReloadFrom
"""
_INSTALL = "Alias WantedBy RequiredBy UpheldBy Also DefaultInstance"
_TIMER = """
    OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec OnCalendar AccuracySec RandomizedDelaySec
    RandomizedOffsetSec FixedRandomDelay OnClockChange OnTimezoneChange Unit Persistent WakeSystem RemainAfterElapse
    DeferReactivation
"""
_SERVICE = """
    Type ExitType RemainAfterExit GuessMainPID PIDFile BusName ExecStart ExecStartPre ExecStartPost ExecCondition
    ExecReload ExecReloadPost ExecStop ExecStopPost RestartSec RestartSteps RestartMaxDelaySec TimeoutStartSec
    TimeoutStopSec TimeoutAbortSec TimeoutSec TimeoutStartFailureMode TimeoutStopFailureMode RuntimeMaxSec
    RuntimeRandomizedExtraSec WatchdogSec Restart RestartMode SuccessExitStatus RestartPreventExitStatus
    RestartForceExitStatus RootDirectoryStartOnly NonBlocking NotifyAccess Sockets FileDescriptorStoreMax
    FileDescriptorStorePreserve USBFunctionDescriptors USBFunctionStrings OOMPolicy OpenFile ReloadSignal
    RefreshOnReload StartLimitInterval StartLimitBurst StartLimitAction FailureAction RebootArgument
    PermissionsStartOnly SysVStartPriority FsckPassNo
"""
_EXEC = """
    ExecSearchPath WorkingDirectory RootDirectory RootImage RootImageOptions RootImagePolicy RootEphemeral RootHash
    RootVerity MountAPIVFS ProtectProc ProcSubset BindPaths BindReadOnlyPaths MountImages ExtensionImages
    ExtensionDirectories User Group DynamicUser SupplementaryGroups SetLoginEnvironment PAMName CapabilityBoundingSet
    AmbientCapabilities NoNewPrivileges SecureBits SELinuxContext AppArmorProfile SmackProcessLabel LimitCPU LimitFSIZE
    LimitDATA LimitSTACK LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC LimitMEMLOCK LimitLOCKS LimitSIGPENDING
    LimitMSGQUEUE LimitNICE LimitRTPRIO LimitRTTIME UMask CoredumpFilter KeyringMode OOMScoreAdjust TimerSlackNSec
    Personality IgnoreSIGPIPE Nice CPUSchedulingPolicy CPUSchedulingPriority CPUSchedulingResetOnFork CPUAffinity
    NUMAPolicy NUMAMask IOSchedulingClass IOSchedulingPriority ProtectSystem ProtectHome RuntimeDirectory StateDirectory
    CacheDirectory LogsDirectory ConfigurationDirectory RuntimeDirectoryMode StateDirectoryMode CacheDirectoryMode
    LogsDirectoryMode ConfigurationDirectoryMode RuntimeDirectoryPreserve TimeoutCleanSec ReadWritePaths ReadOnlyPaths
    InaccessiblePaths ExecPaths NoExecPaths ReadWriteDirectories ReadOnlyDirectories InaccessibleDirectories
    TemporaryFileSystem PrivateTmp PrivateDevices PrivateNetwork NetworkNamespacePath PrivateIPC IPCNamespacePath
    MemoryKSM PrivatePIDs PrivateUsers PrivateMounts ProtectHostname ProtectClock ProtectKernelTunables
    ProtectKernelModules ProtectKernelLogs ProtectControlGroups RestrictAddressFamilies RestrictFileSystems
    RestrictNamespaces LockPersonality MemoryDenyWriteExecute RestrictRealtime RestrictSUIDSGID RemoveIPC MountFlags
    SystemCallFilter SystemCallErrorNumber SystemCallArchitectures SystemCallLog Environment EnvironmentFile
    PassEnvironment UnsetEnvironment StandardInput StandardOutput StandardError StandardInputText StandardInputData
    LogLevelMax LogExtraFields LogRateLimitIntervalSec LogRateLimitBurst LogFilterPatterns LogNamespace SyslogIdentifier
    SyslogFacility SyslogLevel SyslogLevelPrefix TTYPath TTYReset TTYVHangup TTYRows TTYColumns TTYVTDisallocate
    LoadCredential LoadCredentialEncrypted ImportCredential SetCredential SetCredentialEncrypted UtmpIdentifier UtmpMode
    KillMode KillSignal RestartKillSignal SendSIGHUP SendSIGKILL FinalKillSignal WatchdogSignal
    CPUAccounting CPUWeight StartupCPUWeight CPUShares StartupCPUShares CPUQuota CPUQuotaPeriodSec AllowedCPUs
    StartupAllowedCPUs AllowedMemoryNodes StartupAllowedMemoryNodes MemoryAccounting MemoryMin MemoryLow MemoryHigh
    MemoryMax MemorySwapMax MemoryZSwapMax MemoryZSwapWriteback MemoryLimit StartupMemoryLow StartupMemoryHigh
    StartupMemoryMax StartupMemorySwapMax DefaultMemoryMin DefaultMemoryLow TasksAccounting TasksMax IOAccounting
    IOWeight StartupIOWeight IODeviceWeight IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax
    IODeviceLatencyTargetSec IPAccounting IPAddressAllow IPAddressDeny SocketBindAllow SocketBindDeny
    RestrictNetworkInterfaces NFTSet IPIngressFilterPath IPEgressFilterPath BPFProgram DeviceAllow DevicePolicy Slice
    Delegate DelegateSubgroup DisableControllers ManagedOOMSwap ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit
    ManagedOOMMemoryPressureDurationSec ManagedOOMPreference MemoryPressureWatch MemoryPressureThresholdSec
    CoredumpReceive BlockIOAccounting BlockIOWeight
"""
_CONTAINER = """
    AddCapability AddDevice AddHost Annotation AppArmor AutoUpdate CgroupsMode ContainerName ContainersConfModule DNS
    DNSOption DNSSearch DropCapability Entrypoint Environment EnvironmentFile EnvironmentHost Exec ExposeHostPort GIDMap
    GlobalArgs Group GroupAdd HealthCmd HealthInterval HealthLogDestination HealthMaxLogCount HealthMaxLogSize
    HealthOnFailure HealthRetries HealthStartPeriod HealthStartupCmd HealthStartupInterval HealthStartupRetries
    HealthStartupSuccess HealthStartupTimeout HealthTimeout HostName HttpProxy IP IP6 Image Label LogDriver LogOpt Mask
    Memory Mount Network NetworkAlias NoNewPrivileges Notify PidsLimit Pod PodmanArgs PublishPort Pull ReadOnly
    ReadOnlyTmpfs ReloadCmd ReloadSignal RemapGid RemapUid RemapUidSize RemapUsers Retry RetryDelay Rootfs RunInit
    SeccompProfile Secret SecurityLabelDisable SecurityLabelFileType SecurityLabelLevel SecurityLabelNested
    SecurityLabelType ServiceName ShmSize StartWithPod StopSignal StopTimeout SubGIDMap SubUIDMap Sysctl Timezone Tmpfs
    UIDMap Ulimit Unmask User UserNS VolatileTmp Volume WorkingDir
"""
_ASSERTED = (name.replace("Condition", "Assert") for name in _UNIT.split())
SECTIONS = {
    "Unit": frozenset((*_UNIT.split(), *_ASSERTED)),
    "Install": frozenset(_INSTALL.split()),
    "Timer": frozenset(_TIMER.split()),
    "Service": frozenset((*_SERVICE.split(), *_EXEC.split())),
    "Container": frozenset(_CONTAINER.split()),
}
"""The settings of the sections that people write most; those of others are not known here."""
OTHER_SECTIONS = frozenset({
    "Socket", "Mount", "Automount", "Swap", "Path", "Slice", "Scope", "Pod", "Kube", "Network", "Volume", "Image",
    "Build", "Quadlet",
})  # fmt: skip
_SWITCH = ("yes", "no", "true", "false", "on", "off", "1", "0", "y", "n", "t", "f")
VALUES = {
    "Type": ("simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"),
    "Restart": ("no", "always", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort"),
    "KillMode": ("control-group", "mixed", "process", "none"),
    "NotifyAccess": ("none", "main", "exec", "all"),
    "ProtectSystem": (*_SWITCH, "full", "strict"),
    "ProtectHome": (*_SWITCH, "read-only", "tmpfs"),
    **dict.fromkeys(
        ("RemainAfterExit", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "DynamicUser", "Persistent"), _SWITCH
    ),
}
"""What the settings may say that systemd knows by name."""
CALENDARS = (
    "minutely", "hourly", "daily", "weekly", "monthly", "yearly", "annually", "quarterly", "semiannually",
)  # fmt: skip
"""Words of `OnCalendar` that stand for a time."""
_SECTION = re.compile(r"\[(?P<name>[^\]]*)\]")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Setting:
    """One line `name=value`; the line of a section has no name."""

    section: str
    name: str
    value: str
    line: int


def settings_in(lines: list[str]) -> Iterator[Setting]:
    """What a unit says; lines of a template are left out."""
    section, is_continued = "", False
    for number, written in enumerate(lines, start=1):
        line = written.strip()
        if is_continued or not line or line[0] in "#;" or "{%" in line or line.startswith("{{"):
            is_continued = is_continued and line.endswith("\\")
            continue
        is_continued = line.endswith("\\")
        found = _SECTION.fullmatch(line)
        if found:
            section = found["name"]
            yield Setting(section, "", "", number)
            continue
        name, equals, value = line.partition("=")
        if equals and "{" not in name and len(name) <= _LONGEST:
            yield Setting(section, name.strip(), value.strip(), number)
