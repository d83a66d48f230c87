using Xunit;

namespace LeadCrm.EndToEnd.Tests.Faults;

/// <summary>One system for all kills, one after the other: it has to survive them all.</summary>
[CollectionDefinition(nameof(SystemUnderFaults), DisableParallelization = true)]
public sealed class SystemUnderFaults : ICollectionFixture<RunningSystem>;
