using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>One running system for all scenarios that leave it running.</summary>
[CollectionDefinition(nameof(SharedSystem))]
public sealed class SharedSystem : ICollectionFixture<RunningSystem>;
