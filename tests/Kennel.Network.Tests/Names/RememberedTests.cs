using System.Net;
using Kennel.Network.Names;
using Kennel.Network.Names.Wire;
using Record = Kennel.Network.Names.Wire.Record;

namespace Kennel.Network.Tests.Names;

public sealed class RememberedTests
{
    readonly Clock _clock = new();
    readonly Remembered _remembered;

    public RememberedTests() => _remembered = new(_clock);

    [Fact]
    public void Times_run_on_while_an_answer_is_kept_and_then_it_is_forgotten()
    {
        Keep(seconds: 20);
        _clock.Now += TimeSpan.FromSeconds(7);
        Found()!.ShouldHaveSingleItem().TtlSeconds.ShouldBe(13u);
        _clock.Now += TimeSpan.FromSeconds(13);
        Found().ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_kept_for_longer_than_half_a_minute()
    {
        Keep(seconds: 86400);
        _clock.Now += TimeSpan.FromSeconds(30);
        Found().ShouldBeNull();
    }

    [Fact]
    public void No_such_name_is_kept_as_long_as_it_says()
    {
        var query = Query();
        _remembered.Keep(Key(), Writer.Write(query, new(ResponseCode.NameError, [], [new("org", new Data.Soa("ns.org", "x.org", 1, Minimum: 3), 900)], []), udp: true));
        Found().ShouldNotBeNull().ShouldBeEmpty();
        _clock.Now += TimeSpan.FromSeconds(3);
        Found().ShouldBeNull();
    }

    [Theory]
    [InlineData(ResponseCode.ServerFailure)]
    [InlineData(ResponseCode.Refused)]
    [InlineData(ResponseCode.NameError)] // without a time
    public void Failures_are_not_kept(ResponseCode code)
    {
        _remembered.Keep(Key(), Writer.Write(Query(), Reply.Of(code), udp: true));
        Found().ShouldBeNull();
    }

    [Fact]
    public void However_many_are_kept_only_so_many_stay()
    {
        Keep(seconds: 20);
        for (var i = 0; i < 12_000; i++)
        {
            var query = WireTests.Question($"h{i}.example", RecordType.A);
            _remembered.Keep(Remembered.KeyOf(query, query.Length - Reader.HeaderBytes, udp: true), Answer(Reader.ReadQuery(query)!, 20));
        }
        Found().ShouldBeNull();
    }

    void Keep(uint seconds) => _remembered.Keep(Key(), Answer(Query(), seconds));

    static byte[] Answer(Query query, uint seconds) => Writer.Write(query, new(ResponseCode.NoError, [new(query.Question.Name, new Data.Address(IPAddress.Parse("192.0.2.1")), seconds)], [], []), udp: true);

    IReadOnlyList<Record>? Found() => _remembered.Find(Key(), Bytes(), Bytes().Length - Reader.HeaderBytes) is { } answer ? [.. Reader.ReadReply(answer, 77)!.Value.Answers] : null;

    static string Key() => Remembered.KeyOf(Bytes(), Bytes().Length - Reader.HeaderBytes, udp: true);

    static Query Query() => Reader.ReadQuery(Bytes())!;

    static byte[] Bytes() => WireTests.Question("example.org", RecordType.A);

    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
