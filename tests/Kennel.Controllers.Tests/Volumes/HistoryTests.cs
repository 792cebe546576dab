namespace Kennel.Controllers.Tests.Volumes;

/// <summary>What holds in every history of claims and volumes.</summary>
public sealed class HistoryTests
{
    [Fact]
    [Trait("Behaviour", "SS-1111")]
    [Trait("Behaviour", "SS-1118")]
    public void A_claim_never_has_two_volumes_nor_a_volume_two_claims_and_all_comes_to_rest()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 100; seed++)
        {
            var world = new HistoryWorld(seed);
            try
            {
                for (var tick = 0; tick < 400; tick++) world.Tick();
                world.Settle();
                seen.UnionWith(Marks(world.History));
            }
            catch (ShouldAssertException broken)
            {
                throw new ShouldAssertException($"seed {seed}: {broken.Message}\n{string.Join('\n', world.History.TakeLast(40))}", broken);
            }
        }
        seen.ShouldBe(["claimRef\":null", "claimRef\":{\"uid\":null}", "volumeName", "\"phase\":\"Released\"", "RemoveDirectory", "ScrubDirectory"], ignoreOrder: true, "all of it has happened");
    }

    static IEnumerable<string> Marks(IEnumerable<string> history) =>
        new[] { "claimRef\":null", "claimRef\":{\"uid\":null}", "volumeName", "\"phase\":\"Released\"", "RemoveDirectory", "ScrubDirectory" }
            .Where(mark => history.Any(h => h.Contains(mark, StringComparison.Ordinal)));
}
