using Kennel.Walkthrough.Tests.Guides;
using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>What docs/guides tell people to type, typed, with real kubectl and real containers.</summary>
public sealed class GuideTests(WebCluster fixture) : IClassFixture<WebCluster>
{
    [Fact]
    public async Task The_StatefulSet_tutorial_prints_what_its_page_shows()
    {
        using var terminal = new Terminal(fixture.Cluster, WebCluster.Folder);
        await terminal.Follow(Guide.Read(Path.Combine(Repository.Root, "docs", "guides", "statefulsets.md")));
    }
}
