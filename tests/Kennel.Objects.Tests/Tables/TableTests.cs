using System.Buffers;
using System.Text;
using System.Text.Json;
using Kennel.Objects.Schemas;
using Kennel.Objects.Tables;

namespace Kennel.Objects.Tests.Tables;

/// <summary>What <c>kubectl get</c> shows of an object, wide columns included.</summary>
public sealed class TableTests
{
    static readonly DateTimeOffset s_now = Wire.Time("2026-01-01T00:01:06Z");
    const string Meta = "\"metadata\":{\"name\":\"x\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}";

    [Theory]
    [Trait("Behaviour", "SS-1008"), Trait("Behaviour", "SS-1010"), Trait("Behaviour", "SS-1011"), Trait("Behaviour", "SS-1012"), Trait("Behaviour", "SS-1013"), Trait("Behaviour", "SS-1015")]
    [InlineData("""{"phase":"Pending"}""", "0/1", "Pending", "0")]
    [InlineData("""{"phase":"Pending","containerStatuses":[{"name":"m","restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"}}}]}""", "0/1", "ContainerCreating", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"m","ready":true,"restartCount":0,"state":{"running":{}}}]}""", "1/1", "Running", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"m","restartCount":2,"lastState":{"terminated":{"finishedAt":"2026-01-01T00:01:00Z"}},"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}""", "0/1", "CrashLoopBackOff", "2 (6s ago)")]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"m","restartCount":0,"state":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}""", "0/1", "OOMKilled", "0")]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"m","restartCount":0,"state":{"terminated":{"exitCode":3}}}]}""", "0/1", "ExitCode:3", "0")]
    [InlineData("""{"phase":"Succeeded","containerStatuses":[{"name":"m","restartCount":0,"state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]}""", "0/1", "Completed", "0")]
    [InlineData("""{"phase":"Failed","reason":"Evicted"}""", "0/1", "Evicted", "0")]
    [InlineData("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}""", "0/1", "SchedulingGated", "0")]
    public void A_pods_state_is_one_word(string status, string ready, string word, string restarts)
    {
        var cells = Row("", "pods", """{META,"spec":{"containers":[{"name":"m"}]},"status":""" + status + "}");
        cells.Take(5).ShouldBe(["x", ready, word, restarts, "66s"]);
    }

    [Theory, Trait("Behaviour", "SS-1011")]
    [InlineData("""{"state":{"waiting":{"reason":"PodInitializing"}},"restartCount":0}""", "Init:0/2")]
    [InlineData("""{"state":{"terminated":{"exitCode":1,"reason":"Error"}},"restartCount":0}""", "Init:Error")]
    [InlineData("""{"state":{"terminated":{"exitCode":9}},"restartCount":0}""", "Init:ExitCode:9")]
    [InlineData("""{"state":{"waiting":{"reason":"ImagePullBackOff"}},"restartCount":0}""", "Init:ImagePullBackOff")]
    public void A_pod_that_initializes_says_how_far_it_is(string first, string word) =>
        Row("", "pods", """{META,"spec":{"initContainers":[{"name":"a"},{"name":"b"}],"containers":[{"name":"m"}]},"status":{"phase":"Pending","initContainerStatuses":[""" + first + "]}}")[2].ShouldBe(word);

    [Fact, Trait("Behaviour", "SS-1014")]
    public void A_pod_that_leaves_is_terminating() =>
        Row("", "pods", """{"metadata":{"name":"x","deletionTimestamp":"2026-01-01T00:01:00Z"},"spec":{"containers":[{"name":"m"}]},"status":{"phase":"Running"}}""")[2].ShouldBe("Terminating");

    [Fact, Trait("Behaviour", "SS-1007")]
    public void A_set_shows_how_many_are_ready() => Row("apps", "statefulsets",
        """{META,"spec":{"replicas":3,"template":{"spec":{"containers":[{"name":"m","image":"i:1"},{"name":"n","image":"j:2"}]}}},"status":{"readyReplicas":2}}""")
        .ShouldBe(["x", "2/3", "66s", "m,n", "i:1,j:2"]);

    [Fact, Trait("Behaviour", "SS-1017"), Trait("Behaviour", "SS-1019")]
    public void A_claim_shows_its_volume_once_it_has_one()
    {
        Row("", "persistentvolumeclaims", """{META,"spec":{"volumeName":"v","volumeMode":"Filesystem"},"status":{"phase":"Bound","capacity":{"storage":"2Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"]}}""")
            .ShouldBe(["x", "Bound", "v", "2Gi", "RWO,RWX", "", "<unset>", "66s", "Filesystem"]);
        Row("", "persistentvolumeclaims", """{META,"spec":{"storageClassName":"fast"},"status":{"phase":"Pending","capacity":{"storage":"2Gi"}}}""")
            .ShouldBe(["x", "Pending", "", "", "", "fast", "<unset>", "66s", "<unset>"]);
    }

    [Fact, Trait("Behaviour", "SS-1018")]
    public void A_volume_shows_its_claim() => Row("", "persistentvolumes",
        """{META,"spec":{"capacity":{"storage":"2Gi"},"accessModes":["ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"d","name":"c"}},"status":{"phase":"Bound"}}""")
        .ShouldBe(["x", "2Gi", "RWO", "Retain", "Bound", "d/c", "", "<unset>", "", "66s", "<unset>"]);

    [Theory, Trait("Behaviour", "SS-1021")]
    [InlineData("""{"type":"NodePort","clusterIPs":["10.96.0.9"],"ports":[{"port":8080,"nodePort":30002,"protocol":"TCP"}],"selector":{"b":"2","a":"1"}}""", "NodePort", "10.96.0.9", "<none>", "8080:30002/TCP", "a=1,b=2")]
    [InlineData("""{"type":"ClusterIP","clusterIPs":["None"],"ports":[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}""", "ClusterIP", "None", "<none>", "80/TCP,53/UDP", "<none>")]
    [InlineData("""{"type":"ExternalName","externalName":"db.example"}""", "ExternalName", "<none>", "db.example", "<none>", "<none>")]
    [InlineData("""{"type":"LoadBalancer","clusterIPs":["10.96.0.9"],"ports":[{"port":80,"protocol":"TCP"}]}""", "LoadBalancer", "10.96.0.9", "<pending>", "80/TCP", "<none>")]
    public void A_service_shows_where_it_is(string spec, string type, string address, string external, string ports, string selector) =>
        Row("", "services", """{META,"spec":""" + spec + "}").ShouldBe(["x", type, address, external, ports, "66s", selector]);

    [Fact, Trait("Behaviour", "SS-1026")]
    public void An_event_shows_what_happened_to_what() => Row("", "events",
        """{META,"involvedObject":{"kind":"Pod","name":"web-0"},"reason":"Started","message":" up ","type":"Normal","firstTimestamp":"2026-01-01T00:00:06Z","lastTimestamp":"2026-01-01T00:01:00Z","source":{"component":"kubelet","host":"vm"}}""")
        .ShouldBe(["6s", "Normal", "Started", "pod/web-0", "", "kubelet, vm", "up", "60s", "1", "x"]);

    [Fact, Trait("Behaviour", "SS-1027")]
    public void A_node_shows_whether_it_takes_pods() => Row("", "nodes",
        """{META,"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1"}}}""").Take(5)
        .ShouldBe(["x", "Ready,SchedulingDisabled", "<none>", "66s", "v1"]);

    [Fact, Trait("Behaviour", "SS-1030")]
    public void Other_kinds_show_when_they_were_made() => Row("", "limitranges", """{META}""").ShouldBe(["x", "2026-01-01T00:00:00Z"]);

    static List<string> Row(string group, string plural, string json)
    {
        var type = Catalog.BuiltIn.Find(group, "v1", plural).ShouldNotBeNull();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            var table = new TableWriter(writer, type, s_now, IncludeObject.None);
            table.Start();
            table.Row(Encoding.UTF8.GetBytes(json.Replace("META", Meta, StringComparison.Ordinal)));
            table.End();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        var row = document.RootElement.GetProperty("rows")[0].GetProperty("cells").EnumerateArray().Select(c => c.ToString()).ToList();
        row.Count.ShouldBe(document.RootElement.GetProperty("columnDefinitions").GetArrayLength(), "a cell a column");
        return row;
    }
}
