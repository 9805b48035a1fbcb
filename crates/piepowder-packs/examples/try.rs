use piepowder::*;
fn main(){
  let t = match Taxonomy::from_sources(piepowder_packs::sources()) { Ok(t)=>t, Err(d)=>{ println!("{d}"); return } };
  println!("warnings\n{}", t.warnings());
  let e = match Engine::builder().taxonomy(&t).build() { Ok(e)=>e, Err(e)=>{println!("{e}"); return} };
  println!("{} mem {}", e.digest(), e.memory_usage());
  for a in std::env::args().skip(1) {
    let l = Listing::new().with(Field::Title, a.as_bytes());
    let x = e.explain(&l);
    let mut o = vec![]; x.assessment().write_json(b"1", &l, &JsonOptions::new().with_detail(Detail::Full), &mut o);
    println!("{}", String::from_utf8(o).unwrap());
    for m in x.near_misses() { println!("  miss {} {:?}", e.rule(m.rule()).key(), m.reason()); }
  }
}
