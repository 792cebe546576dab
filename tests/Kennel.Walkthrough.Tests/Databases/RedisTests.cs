using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Databases;

public sealed class RedisCluster() : DatabaseCluster("redis");

/// <summary>Redis with two replicas and Sentinels that move the primary while pods roll, hang and die, in the order in which it happens to it.</summary>
[TestCaseOrderer("Kennel.Walkthrough.Tests.Running.ByName", "Kennel.Walkthrough.Tests")]
public sealed class RedisTests(RedisCluster fixture) : IClassFixture<RedisCluster>
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(300);

    readonly Cluster _cluster = fixture.Cluster;
    readonly Writer _writer = new(fixture.Cluster, "redis-writer");

    [Fact]
    public async Task A_Sentinels_know_the_primary_and_the_guide_is_true() => await fixture.Follow("Redis");

    [Fact]
    public async Task B_A_rolling_restart_under_load_hands_the_primary_over()
    {
        await _writer.GoesOn();
        (await Primary()).ShouldBe("redis-0");
        await _cluster.Ok("rollout restart sts/redis");
        await fixture.Rolled("redis");
        (await Primary()).ShouldNotBe("redis-0"); // the last one to be replaced
        await _writer.GoesOn();
    }

    [Fact]
    public async Task C_A_primary_that_hangs_is_replaced_and_follows_when_it_is_back()
    {
        var before = await Primary();
        await Processes.Signal(_cluster, before, "redis", "STOP");
        await Replaced(before);
        await Processes.Signal(_cluster, before, "redis", "CONT");
        await _writer.GoesOn(); // both replicas acknowledge, so it follows
        (await fixture.Ask(before, "redis", "redis-cli", "role")).ShouldStartWith("slave");
    }

    [Fact]
    public async Task D_A_primary_that_is_killed_and_one_that_is_deleted_lose_nothing()
    {
        await Processes.Kill(_cluster, await Primary(), "redis");
        await _writer.GoesOn();
        await _cluster.Ok($"delete pod {await Primary()} --force --grace-period=0");
        await _cluster.Ok("delete pod sentinel-1 --wait=false");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task E_An_agent_that_is_killed_in_a_roll_goes_on_with_it()
    {
        await fixture.KillAgentInRollOf("redis", "redis-2");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task F_Scaling_under_load_brings_replicas_that_have_everything()
    {
        await _cluster.Ok("scale sts/redis --replicas=4");
        await fixture.Rolled("redis");
        (await Numbers("redis-3")).ShouldNotBeEmpty();
        await _writer.GoesOn();
        await _cluster.Ok("scale sts/redis --replicas=3");
        await _cluster.Ok("wait --for=delete pod/redis-3 --timeout=60s");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task G_Nothing_that_was_acknowledged_is_lost()
    {
        var acknowledged = await _writer.Stop();
        foreach (var pod in (string[])["redis-0", "redis-1", "redis-2"])
            acknowledged.Except(await Numbers(pod)).ShouldBeEmpty(pod);
    }

    [Fact]
    public async Task H_A_clean_stop_leaves_nothing_on_the_machine() => (await fixture.Stop()).ShouldBeEmpty();

    /// <summary>Whom Sentinel calls the primary.</summary>
    async Task<string> Primary() =>
        (await fixture.Ask("sentinel-0", "sentinel", "redis-cli", "-p", "26379", "sentinel", "get-master-addr-by-name", "main")).Split('.', '\n')[0];

    async Task<SortedSet<long>> Numbers(string pod) => Writer.Numbers((await fixture.Ask(pod, "redis", "redis-cli", "smembers", "numbers")).Split('\n'));

    async Task Replaced(string primary)
    {
        using var late = new CancellationTokenSource(s_patience);
        while (await Primary() == primary)
        {
            if (late.IsCancellationRequested) throw new TimeoutException($"{primary} is still the primary:\n{await _cluster.Ok("logs sentinel-0 --tail=50")}");
            await Task.Delay(s_again);
        }
    }
}
