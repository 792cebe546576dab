using Kennel.Walkthrough.Tests.Guides;
using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>What docs/guides tell people to type, typed, with real kubectl and real containers.</summary>
public sealed class GuideTests(WebCluster fixture) : IClassFixture<WebCluster>
{
    [Fact]
    [Trait("Behaviour", "SS-101")]
    [Trait("Behaviour", "SS-113")]
    [Trait("Behaviour", "SS-115")]
    [Trait("Behaviour", "SS-117")]
    [Trait("Behaviour", "SS-214")]
    [Trait("Behaviour", "SS-217")]
    [Trait("Behaviour", "SS-238")]
    [Trait("Behaviour", "SS-316")]
    [Trait("Behaviour", "SS-318")]
    [Trait("Behaviour", "SS-321")]
    [Trait("Behaviour", "SS-322")]
    [Trait("Behaviour", "SS-323")]
    [Trait("Behaviour", "SS-506")]
    [Trait("Behaviour", "SS-602")]
    [Trait("Behaviour", "SS-605")]
    [Trait("Behaviour", "SS-1014")]
    [Trait("Behaviour", "SS-1210")]
    [Trait("Behaviour", "SS-1212")]
    [Trait("Behaviour", "SS-1216")]
    public async Task The_StatefulSet_tutorial_prints_what_its_page_shows()
    {
        using var terminal = new Terminal(fixture.Cluster, WebCluster.Folder);
        await terminal.Follow(Guide.Read(Path.Combine(Repository.Root, "docs", "guides", "statefulsets.md")));
    }

    [Fact]
    [Trait("Behaviour", "SS-1209")]
    [Trait("Behaviour", "SS-1210")]
    [Trait("Behaviour", "SS-1211")]
    [Trait("Behaviour", "SS-1216")]
    public async Task The_network_guide_prints_what_its_page_shows()
    {
        using var terminal = new Terminal(fixture.Cluster, Path.Combine(Repository.Root, "examples", "network"));
        await terminal.Follow(Guide.Read(Path.Combine(Repository.Root, "docs", "guides", "network.md")));
    }
}
