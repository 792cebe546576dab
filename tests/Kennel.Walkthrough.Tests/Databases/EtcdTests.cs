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
    public async Task E_A_container_runtime_that_is_killed_is_started_again_and_no_pod_notices()
    {
        var before = await _cluster.Ok("get pods -o jsonpath={.items[*].status.containerStatuses[*].containerID}");
        (await Program.Run("kill", ["-9", await Processes.Containerd(_cluster)])).Succeeded();
        await _cluster.Ok("delete pod etcd-1"); // needs a runtime
        await fixture.Rolled("etcd");
        await _writer.GoesOn();
        var after = await _cluster.Ok("get pods -o jsonpath={.items[*].status.containerStatuses[*].containerID}");
        before.Split(' ').Except(after.Split(' ')).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task F_Members_that_were_removed_can_be_scaled_away()
    {
        await Remove("etcd-3");
        await Remove("etcd-4");
        await _cluster.Ok("scale sts/etcd --replicas=3");
        await _cluster.Ok("wait --for=delete pod/etcd-3 pod/etcd-4 --timeout=60s");
        await _writer.GoesOn();
    }

    [Fact]
    [Trait("Behaviour", "SS-1321")]
    public async Task G_After_a_stop_of_all_pods_the_last_one_has_what_the_first_one_took()
    {
        await _cluster.Ok("exec etcd-0 -- etcdctl put through first");
        await _cluster.Ok("scale sts/etcd --replicas=0");
        await _cluster.Ok("wait --for=delete pod/etcd-0 pod/etcd-1 pod/etcd-2 --timeout=60s");
        await _cluster.Ok("scale sts/etcd --replicas=3");
        await fixture.Rolled("etcd");
        (await fixture.Ask("etcd-2", "etcd", "sh", "-c", "unset ETCDCTL_ENDPOINTS; etcdctl get through")).ShouldBe("through\nfirst\n");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task H_Nothing_that_was_acknowledged_is_lost()
    {
        var acknowledged = await _writer.Stop();
        foreach (var pod in (string[])["etcd-0", "etcd-1", "etcd-2"])
            acknowledged.Except(await Numbers(pod)).ShouldBeEmpty(pod);
    }

    [Fact]
    public async Task I_A_clean_stop_leaves_nothing_on_the_machine() => (await fixture.Stop()).ShouldBeEmpty();

    /// <summary>Until it is gone: a removed leader's answer doesn't come.</summary>
    async Task Remove(string name)
    {
        while ((await Members()).FirstOrDefault(m => m.Contains($" {name},", StringComparison.Ordinal)) is { } member)
            await _cluster.Kubectl(["exec", "etcd-0", "--", "etcdctl", "member", "remove", member.Split(',')[0]]);
    }

    /// <summary>As soon as there is a leader.</summary>
    async Task<string[]> Members() =>
        (await fixture.Ask("etcd-0", "etcd", "sh", "-c", "until etcdctl member list; do sleep 0.3; done")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>From the member's own store, when it is as far as the majority.</summary>
    async Task<SortedSet<long>> Numbers(string pod) =>
        Writer.Numbers((await fixture.Ask(pod, "etcd", "sh", "-c", "unset ETCDCTL_ENDPOINTS; etcdctl get --prefix numbers/ --print-value-only")).Split('\n'));
}
