using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Databases;

public sealed class EtcdCluster() : DatabaseCluster("etcd");

/// <summary>etcd that grows from three members to five while its pods roll, die and are taken over, in the order in which it happens to it.</summary>
[TestCaseOrderer("Kennel.Walkthrough.Tests.Running.ByName", "Kennel.Walkthrough.Tests")]
public sealed class EtcdTests(EtcdCluster fixture) : IClassFixture<EtcdCluster>
{
    readonly Cluster _cluster = fixture.Cluster;
    readonly Writer _writer = new(fixture.Cluster, "etcd-writer");

    [Fact]
    public async Task A_Members_find_each_other_before_they_are_ready_and_the_guide_is_true() => await fixture.Follow("etcd");

    [Fact]
    public async Task B_A_rolling_restart_under_load()
    {
        await _writer.GoesOn();
        await _cluster.Ok("rollout restart sts/etcd");
        await fixture.Rolled("etcd");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task C_Members_that_are_killed_come_back_as_who_they_were()
    {
        var before = await Members();
        await Processes.Kill(_cluster, "etcd-0", "etcd");
        await _writer.GoesOn();
        await _cluster.Ok("delete pods -l app=etcd --force --grace-period=0"); // all of them: there is no majority until some are back
        await _writer.GoesOn();
        (await Members()).ShouldBe(before);
    }

    [Fact]
    public async Task D_An_agent_that_is_killed_in_a_roll_goes_on_with_it()
    {
        await fixture.KillAgentInRollOf("etcd", "etcd-4");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task E_Members_that_were_removed_can_be_scaled_away()
    {
        foreach (var member in (await Members()).Where(m => m.Contains("etcd-3,", StringComparison.Ordinal) || m.Contains("etcd-4,", StringComparison.Ordinal)))
            await fixture.Ask("etcd-0", "etcd", "etcdctl", "member", "remove", member.Split(',')[0]);
        await _cluster.Ok("scale sts/etcd --replicas=3");
        await _cluster.Ok("wait --for=delete pod/etcd-3 pod/etcd-4 --timeout=60s");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task F_Nothing_that_was_acknowledged_is_lost()
    {
        var acknowledged = await _writer.Stop();
        foreach (var pod in (string[])["etcd-0", "etcd-1", "etcd-2"])
            acknowledged.Except(await Numbers(pod)).ShouldBeEmpty(pod);
    }

    [Fact]
    public async Task G_A_clean_stop_leaves_nothing_on_the_machine() => (await fixture.Stop()).ShouldBeEmpty();

    async Task<string[]> Members() =>
        (await fixture.Ask("etcd-0", "etcd", "etcdctl", "member", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>From the member's own store, when it is as far as the majority.</summary>
    async Task<SortedSet<long>> Numbers(string pod) =>
        Writer.Numbers((await fixture.Ask(pod, "etcd", "sh", "-c", "unset ETCDCTL_ENDPOINTS; etcdctl get --prefix numbers/ --print-value-only")).Split('\n'));
}
